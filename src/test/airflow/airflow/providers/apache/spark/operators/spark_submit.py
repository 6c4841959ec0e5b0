"""A SparkSubmitOperator with the arguments, templating and command line that the provider documents."""

import os
import subprocess

from airflow import DAG
from airflow.exceptions import AirflowException


class SparkSubmitOperator:
    def __init__(
        self, *, task_id, application, java_class, jars, properties_file, deploy_mode, name, application_args
    ):
        self.task_id = task_id
        self.arguments = [
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
        arguments = [
            argument.replace("{{ data_interval_start | ts_nodash }}", context["interval"])
            for argument in self.arguments
        ]
        assert not any("{{" in argument for argument in arguments), arguments
        code = subprocess.call(["spark-submit", *arguments])
        if code:
            raise AirflowException(f"Cannot execute: spark-submit. Error code is: {code}.")
