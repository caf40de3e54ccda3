"""Programs that act on their own: what each may, its tokens, its share of requests, and its webhooks."""
