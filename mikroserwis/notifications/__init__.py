"""What a person is told on the page itself: behind the bell, with how much of it is unread."""
