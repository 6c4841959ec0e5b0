"""Retrains the model once a week and publishes it if its numbers are good.

Where things are is told by the environment of Airflow's workers, the same on
all of them: SPARK_VAE_HOME, a checkout in which `mvn -DskipTests package` was
run (default: /opt/spark-vae); SPARK_VAE_RUNS, the runs' directory on any
Hadoop file system that the cluster reaches; and SPARK_VAE_PUBLISHED, where
`current` is kept (default: the runs' directory). The cluster is that of the
connection `spark_default`.

Nothing here makes sure that a model is published once: the job does. It goes
on with the run of its interval where that was left, a second job on the same
run ends with 2, and what is published is not published again.
"""

import os
import re
from datetime import datetime, timedelta

from airflow import DAG
from airflow.exceptions import AirflowFailException
from airflow.providers.apache.spark.operators.spark_submit import (
    SparkSubmitOperator,
)

HOME = os.environ.get("SPARK_VAE_HOME", "/opt/spark-vae")
RUNS = os.environ.get("SPARK_VAE_RUNS", "/var/lib/spark-vae/runs")
PUBLISHED = os.environ.get("SPARK_VAE_PUBLISHED", RUNS)

# The interval, not the time: every attempt at it is the same run.
RUN_ID = "{{ data_interval_start | ts_nodash }}"

# A fault of the program, input data, divergence, a gate that was not passed:
# the same words would end the same way. Not 2, which is also that of a run
# that a driver without its worker still holds.
FINAL_EXIT_CODES = {1, 3, 4, 5}


class SparkVaeOperator(SparkSubmitOperator):
    """Runs a verb of the job.

    It is tried again if it failed outside (75), was killed or is held by
    another (2).
    """

    def __init__(self, *, verb, options=(), **kwargs):
        super().__init__(
            application=f"{HOME}/target/spark-vae.jar",
            java_class="org.sparkvae.cli.Main",
            jars=f"{HOME}/target/lib/*.jar",
            properties_file=f"{HOME}/conf/spark-defaults-cluster.conf",
            # Only a driver that runs here tells its exit code.
            deploy_mode="client",
            name=f"spark-vae {verb}",
            application_args=[
                verb, "--run-id", RUN_ID, "--output", RUNS, *options
            ],
            **kwargs,
        )

    def execute(self, context):
        try:
            return super().execute(context)
        except Exception as failure:
            code = re.search(r"Error code is: (\d+)", str(failure))
            if code and int(code[1]) in FINAL_EXIT_CODES:
                raise AirflowFailException(str(failure)) from failure
            raise


with DAG(
    dag_id="retrain_mnist_vae",
    description="run, gate, publish",
    start_date=datetime(2026, 1, 1),
    schedule="@weekly",
    catchup=False,
    max_active_runs=1,
    default_args={"retries": 3, "retry_delay": timedelta(minutes=5)},
) as dag:
    run = SparkVaeOperator(task_id="run", verb="run")
    # After five epochs or more; a model that fails this is not published.
    evaluate = SparkVaeOperator(
        task_id="evaluate",
        verb="evaluate",
        options=[
            "--fail-above",
            "test.loss=0.2",
            "--fail-below",
            "test.classifier_accuracy=0.95",
        ],
    )
    publish = SparkVaeOperator(
        task_id="publish",
        verb="publish",
        options=["--to", PUBLISHED, "--keep", "5"],
    )
    run >> evaluate >> publish
