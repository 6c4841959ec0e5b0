class AirflowException(Exception):
    """A failure that Airflow retries."""


class AirflowFailException(AirflowException):
    """A failure that Airflow does not retry."""
