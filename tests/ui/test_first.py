def test_opens(window, hands):
    assert window.panes.paper_model.rowCount() == 40
    first = hands.title
    assert first
    hands.press("j")
    assert hands.title and hands.title != first
    hands.press("k")
    assert hands.title == first
