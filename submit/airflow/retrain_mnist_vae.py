"""Retrains the model once a week and publishes it if its metrics are good.

Set these environment variables to the same values on all Airflow workers:

SPARK_VAE_HOME       directory of an unpacked release or of a built checkout;
                     default /opt/spark-vae
SPARK_VAE_RUNS       directory of the runs, on any Hadoop file system that
                     the cluster can reach; default /var/lib/spark-vae/runs
SPARK_VAE_PUBLISHED  directory of `current`; default SPARK_VAE_RUNS

The DAG uses the cluster of the connection `spark_default`.

The job itself publishes each model exactly once. It resumes the run of its
data interval, a second job on the same run ends with exit code 2, and
publishing a published run again changes nothing.
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

# All attempts of one data interval use the same run.
RUN_ID = "{{ data_interval_start | ts_nodash }}"

# Internal error, bad input data, divergence, missed metric threshold: a retry
# would fail the same way. Exit code 2 is retried, because it also means that
# the driver of a lost Airflow worker still holds the run's lock.
FINAL_EXIT_CODES = {1, 3, 4, 5}


class SparkVaeOperator(SparkSubmitOperator):
    """Runs a command of spark-vae.

    Airflow retries it after a temporary failure (exit code 75), a kill, or
    exit code 2, which a locked run causes.
    """

    def __init__(self, *, command, options=(), **kwargs):
        super().__init__(
            application=f"{HOME}/target/spark-vae.jar",
            java_class="org.sparkvae.cli.Main",
            jars=f"{HOME}/target/lib/*.jar",
            properties_file=f"{HOME}/conf/spark-defaults-cluster.conf",
            # In cluster mode, spark-submit does not report the exit code.
            deploy_mode="client",
            name=f"spark-vae {command}",
            application_args=[
                command, "--run-id", RUN_ID, "--output", RUNS, *options
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
    description="Train, check metrics, publish",
    start_date=datetime(2026, 1, 1),
    schedule="@weekly",
    catchup=False,
    max_active_runs=1,
    default_args={"retries": 3, "retry_delay": timedelta(minutes=5)},
) as dag:
    run = SparkVaeOperator(task_id="run", command="run")
    # Models pass these thresholds after about five epochs. A model that misses
    # one is not published.
    evaluate = SparkVaeOperator(
        task_id="evaluate",
        command="evaluate",
        options=[
            "--fail-above",
            "test.loss=0.2",
            "--fail-below",
            "test.classifier_accuracy=0.95",
        ],
    )
    publish = SparkVaeOperator(
        task_id="publish",
        command="publish",
        options=["--to", PUBLISHED, "--keep", "5"],
    )
    run >> evaluate >> publish
