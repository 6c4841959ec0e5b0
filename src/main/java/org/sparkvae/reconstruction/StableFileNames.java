package org.sparkvae.reconstruction;

import org.apache.hadoop.mapreduce.TaskAttemptContext;
import org.apache.spark.internal.io.FileNameSpec;
import org.apache.spark.sql.execution.datasources.SQLHadoopMapReduceCommitProtocol;

/**
 * Spark's way to commit files, but with names that do not contain a random ID. On S3, a process
 * that was suspended can still complete files after another process has written the directory. It
 * then replaces them by the same files and adds none.
 */
public final class StableFileNames extends SQLHadoopMapReduceCommitProtocol {
  /** Spark calls this constructor. */
  public StableFileNames(String jobId, String path, boolean overwritesPartitions) {
    super(jobId, path, overwritesPartitions);
  }

  @Override
  public String getFilename(TaskAttemptContext task, FileNameSpec name) {
    return "%spart-%05d%s"
        .formatted(name.prefix(), task.getTaskAttemptID().getTaskID().getId(), name.suffix());
  }
}
