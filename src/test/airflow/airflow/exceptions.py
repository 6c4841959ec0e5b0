class AirflowException(Exception):
    """A failure that is retried."""


class AirflowFailException(AirflowException):
    """A failure that is not."""
