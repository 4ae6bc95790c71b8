"""The pages of subscriptions: one module per kind, and the manners of every request. Only this room calls the network.

Nothing here is called without a subscription or a key, and ``requests`` is imported only when something is fetched.
"""
