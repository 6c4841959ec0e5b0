"""A replacement for the part of Airflow that submit/airflow uses, for machines without Airflow.

It has only the names and arguments that Airflow documents. Like Airflow's operator, it runs the spark-submit on the PATH.
"""


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
