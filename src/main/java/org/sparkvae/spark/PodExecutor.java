package org.sparkvae.spark;

import org.apache.spark.scheduler.cluster.k8s.KubernetesExecutorBackend;
import org.sparkvae.user.UnnamedUser;

/**
 * The entry point of an executor in a pod of Kubernetes. Unlike Spark's own, it does not require
 * that the user has a name.
 */
public final class PodExecutor {
  private PodExecutor() {}

  /** Runs the executor. The arguments are those of Spark's entry point. */
  public static void main(String[] arguments) {
    UnnamedUser.giveName();
    KubernetesExecutorBackend.main(arguments);
  }
}
