#!/usr/bin/env python3
"""Executes a task of submit/airflow/retrain_mnist_vae.py once, as Airflow's scheduler would.

    run_task.py INTERVAL TASK    executes the task and prints Airflow's decision: success, retry or fail
    run_task.py                  prints the DAG's settings and tasks

Uses the real Airflow if it is installed, else its replacement in this directory.
"""

import importlib.util
import pathlib
import sys

home = pathlib.Path(__file__).resolve().parents[3]
if importlib.util.find_spec("airflow") is None:
    sys.path.insert(0, str(pathlib.Path(__file__).parent))

from airflow.exceptions import AirflowFailException  # noqa: E402


def load():
    path = home / "submit/airflow/retrain_mnist_vae.py"
    spec = importlib.util.spec_from_file_location("retrain_mnist_vae", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.dag


def main():
    dag = load()
    if len(sys.argv) == 1:
        print(f"{dag.dag_id} {dag.settings} retries={dag.default_args['retries']}")
        for task in dag.tasks.values():
            print(task.task_id, "->", *task.downstream)
        return
    interval, task = sys.argv[1:]
    try:
        dag.tasks[task].execute({"interval": interval})
        print("success")
    except AirflowFailException as failure:
        print("fail:", failure)
    except Exception as failure:  # pylint: disable=broad-except
        print("retry:", failure)


if __name__ == "__main__":
    main()
