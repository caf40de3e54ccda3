"""The shell: everything that knows Flask, SQLAlchemy, the clock and the environment."""
