"""The style sheet for Qt's stock widgets, made from a theme; lists paint themselves in their delegates."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from reader.ui.look.themes import Theme

_TEMPLATE = """
QMainWindow, QDialog {{ background: {chrome}; }}
QToolTip {{ background: {overlay}; color: {text}; border: 1px solid {line}; padding: 4px 7px; }}
QMenuBar {{ background: {chrome}; color: {quiet}; border: none; padding: 2px 6px; }}
QMenuBar::item {{ background: transparent; padding: 4px 9px; border-radius: 5px; }}
QMenuBar::item:selected {{ background: {hover}; color: {text}; }}
QMenu {{
    background: {overlay}; color: {text}; border: 1px solid {line}; padding: 5px; menu-scrollable: 1;
}}
QMenu::item {{ padding: 5px 22px 5px 14px; border-radius: 5px; }}
QMenu::item:selected {{ background: {selected_focus}; }}
QMenu::item:disabled {{ color: {faint}; }}
QMenu::separator {{ height: 1px; background: {line}; margin: 5px 8px; }}
QSplitter::handle {{ background: {line}; }}
QAbstractItemView {{ border: none; outline: none; }}
QTextBrowser, QPlainTextEdit {{ border: none; background: {page}; color: {text}; }}
QLineEdit, QSpinBox {{
    background: {field}; color: {text}; border: 1px solid {line}; border-radius: 6px; padding: 5px 9px;
    selection-background-color: {selected_focus}; selection-color: {text};
}}
QLineEdit {{ placeholder-text-color: {quiet}; }}
QLineEdit:focus, QSpinBox:focus {{ border: 1px solid {mark_accent}; }}
QPushButton {{
    background: {field}; color: {text}; border: 1px solid {line}; border-radius: 6px; padding: 6px 15px;
}}
QPushButton:hover {{ background: {hover}; }}
QPushButton:focus {{ border: 2px solid {mark_accent}; padding: 5px 14px; }}
QPushButton:disabled {{ color: {faint}; }}
QPushButton[primary="true"] {{ background: {accent}; color: {on_accent}; border: 1px solid {accent}; }}
QPushButton[primary="true"]:focus {{ border: 2px solid {text}; }}
QPushButton[primary="true"]:disabled {{ background: {field}; color: {faint}; border: 1px solid {line}; }}
QPushButton[quiet="true"] {{
    background: transparent; border: 1px solid transparent; padding: 2px 8px; color: {accent};
}}
QPushButton[quiet="true"]:hover {{ background: {hover}; }}
QPushButton[quiet="true"]:focus {{ border: 1px solid {mark_accent}; }}
QPushButton[chip="true"] {{
    background: {chrome}; color: {text}; border: 1px solid {line}; border-radius: 9px; padding: 1px 9px;
}}
QPushButton[chip="true"]:hover {{ background: {hover}; }}
QPushButton[chip="true"]:checked {{ background: {selected_focus}; border: 1px solid {mark_accent}; }}
QPushButton[chip="true"]:focus {{ border: 2px solid {mark_accent}; padding: 0 8px; }}
QProgressBar {{ background: {line}; border: none; border-radius: 2px; max-height: 4px; min-height: 4px; }}
QProgressBar::chunk {{ background: {mark_accent}; border-radius: 2px; }}
QScrollBar:vertical {{ background: transparent; width: 11px; margin: 0; }}
QScrollBar:horizontal {{ background: transparent; height: 11px; margin: 0; }}
QScrollBar::handle {{ background: {scroll}; border-radius: 3px; margin: 2px 3px; }}
QScrollBar::handle:vertical {{ min-height: 36px; }}
QScrollBar::handle:horizontal {{ min-width: 36px; margin: 3px 2px; }}
QScrollBar::handle:hover {{ background: {faint}; }}
QScrollBar::add-line, QScrollBar::sub-line {{ width: 0; height: 0; }}
QScrollBar::add-page, QScrollBar::sub-page {{ background: transparent; }}
QHeaderView::section {{
    background: {overlay}; color: {quiet}; border: none; border-bottom: 1px solid {line}; padding: 5px 8px;
}}
#overlay QTableView {{
    background: {overlay}; color: {text}; gridline-color: {line}; border: 1px solid {line}; border-radius: 6px;
    selection-background-color: {selected_focus}; selection-color: {text};
}}
#overlay QTableView::item {{ padding: 0 5px; }}
#overlay #key_table {{ border: none; }}
#forms::item {{ padding: 4px 9px; border-radius: 6px; color: {text}; }}
#forms::item:selected {{ background: {selected_focus}; }}
#sidebar {{ background: {chrome}; }}
#papers, #paper_list {{ background: {list}; }}
#drop_line {{ background: {mark_accent}; border-radius: 1px; }}
#detail {{ background: {page}; border-left: 2px solid {page}; }}
#detail[alone="false"]:focus {{ border-left: 2px solid {mark_accent}; }}
#foot {{ background: {list}; border-top: 1px solid {line}; }}
#reasons {{ background: {page}; border-bottom: 1px solid {line}; }}
#note {{ background: {page}; border-top: 1px solid {line}; }}
#statistics_panel {{ background: {page}; border: 1px solid {line}; border-radius: 8px; }}
#triage_head, #triage_foot {{ background: {page}; }}
#triage_foot {{ border-top: 1px solid {line}; }}
#status_line {{ background: {chrome}; border-top: 1px solid {line}; }}
#status_line QLabel, QLabel[quiet="true"] {{ color: {quiet}; }}
#status_line QLabel#message, #status_line QLabel#pending {{ color: {text}; }}
#notice {{ background: {overlay}; border-bottom: 1px solid {line}; }}
#overlay {{ background: {overlay}; border: 1px solid {line}; border-radius: 10px; }}
#overlay QScrollArea, #overlay QScrollArea > QWidget > QWidget, #overlay QListView, #overlay QPlainTextEdit {{
    background: transparent;
}}
#overlay QListWidget::item, QListWidget#hint::item {{ padding: 5px 8px; border-radius: 6px; color: {text}; }}
#overlay QListWidget::item:selected, QListWidget#hint::item:selected {{ background: {selected_focus}; }}
#hint {{ background: {overlay}; border: 1px solid {line}; border-radius: 8px; }}
#completion {{ background: {overlay}; border: 1px solid {line}; border-radius: 8px; }}
#completion QLabel {{ padding: 2px 6px; border-radius: 4px; }}
#completion QLabel[marked="true"] {{ background: {selected_focus}; }}
#sections {{ background: transparent; color: {text}; }}
#sections::item {{ padding: 6px 10px; border-radius: 6px; }}
#sections::item:hover {{ background: {hover}; }}
#sections::item:selected {{ background: {selected}; color: {text}; }}
#sections:focus {{ border-left: 2px solid {mark_accent}; }}
#capture {{ background: {field}; border: 1px solid {line}; border-radius: 8px; }}
#capture:focus {{ border: 2px solid {mark_accent}; }}
#welcome {{ background: {page}; }}
QLabel[strong="true"] {{ font-weight: 600; }}
QLabel[error="true"], #status_line QLabel#message[error="true"] {{ color: {error}; }}
#status_line QPushButton#sync_word {{ color: {quiet}; padding: 0 6px; }}
#status_line QPushButton#sync_word[error="true"] {{ color: {error}; }}
QLabel[key="true"] {{
    background: {chrome}; color: {text}; border: 1px solid {line}; border-radius: 4px; padding: 1px 6px;
}}
"""


def stylesheet(theme: Theme) -> str:
    """The style sheet of a theme."""
    names = {name: getattr(theme.surfaces, name).name() for name in theme.surfaces.__slots__}
    names |= {name: getattr(theme.texts, name).name() for name in theme.texts.__slots__}
    names["mark_accent"] = theme.marks.accent.name()
    return _TEMPLATE.format(**names)


def restyle(widget: QWidget, **properties: bool) -> None:
    """Set properties that the style sheet's rules ask for, and have Qt apply the rules again."""
    for name, value in properties.items():
        widget.setProperty(name, value)
    widget.style().unpolish(widget)
    widget.style().polish(widget)
