"""SparkSubmitOperator's arguments, template and command line, as the provider's documentation has them."""

import os
import subprocess

from airflow import DAG
from airflow.exceptions import AirflowException


class SparkSubmitOperator:
    def __init__(
        self, *, task_id, application, java_class, jars, properties_file, deploy_mode, name, application_args
    ):
        self.task_id = task_id
        self.words = [
            *("--master", os.environ["SPARK_DEFAULT_CONNECTION"]),
            *("--properties-file", properties_file),
            *("--jars", jars),
            *("--name", name),
            *("--class", java_class),
            *("--deploy-mode", deploy_mode),
            application,
            *application_args,
        ]
        self.downstream = []
        DAG.current.tasks[task_id] = self

    def __rshift__(self, other):
        self.downstream.append(other.task_id)
        return other

    def execute(self, context):
        words = [word.replace("{{ data_interval_start | ts_nodash }}", context["interval"]) for word in self.words]
        assert not any("{{" in word for word in words), words
        code = subprocess.call(["spark-submit", *words])
        if code:
            raise AirflowException(f"Cannot execute: spark-submit. Error code is: {code}.")
