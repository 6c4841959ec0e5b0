"""As much of Airflow as submit/airflow asks for, where there is no Airflow: it knows no more than the names and
arguments that Airflow documents, and runs the spark-submit on the PATH as its operator does."""


class DAG:
    current = None

    def __init__(self, dag_id, *, description, start_date, schedule, catchup, max_active_runs, default_args):
        self.dag_id = dag_id
        self.settings = {"schedule": schedule, "catchup": catchup, "max_active_runs": max_active_runs}
        self.default_args = default_args
        self.start_date = start_date
        self.description = description
        self.tasks = {}

    def __enter__(self):
        DAG.current = self
        return self

    def __exit__(self, *exception):
        DAG.current = None
