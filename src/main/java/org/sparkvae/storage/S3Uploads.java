package org.sparkvae.storage;

import com.amazonaws.AmazonClientException;
import com.amazonaws.services.s3.AmazonS3;
import com.amazonaws.services.s3.model.AmazonS3Exception;
import com.amazonaws.services.s3.model.PutObjectRequest;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.util.Arrays;
import org.apache.commons.lang3.StringUtils;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.s3a.S3AFileSystem;
import org.apache.hadoop.fs.s3a.S3AUtils;
import org.sparkvae.exception.ConfigurationException;

/**
 * Uploads of small files to S3, each in one request. Hadoop 3.3 has no conditional uploads: there,
 * two processes that create the same file both succeed.
 */
record S3Uploads(S3AFileSystem bucket, AmazonS3 client) {
  static S3Uploads to(Path path, Configuration configuration) throws IOException {
    FileSystem files = FileSystem.get(path.toUri(), configuration);
    if (files instanceof S3AFileSystem bucket) {
      // The client has the endpoint, credentials and proxy of Hadoop's settings.
      return new S3Uploads(bucket, bucket.getAmazonS3ClientForTesting("uploads"));
    }
    throw new ConfigurationException(
        "fs.%s.impl: %s is not Hadoop's S3A, which runs need. Remove the setting."
            .formatted(path.toUri().getScheme(), files.getClass().getName()));
  }

  /** Writes a file and replaces an existing one. */
  void put(Path path, byte[] bytes) throws IOException {
    try {
      client.putObject(request(path, bytes));
    } catch (AmazonClientException e) {
      throw S3AUtils.translateException("upload", path, e);
    }
  }

  /**
   * Creates a file unless it exists. If several processes try at the same time, only one succeeds.
   *
   * @throws ConfigurationException if the store does not support conditional uploads
   */
  boolean putIfAbsent(Path path, byte[] bytes) throws IOException {
    try {
      if (!uploadIfAbsent(path, bytes)) {
        // The answer to an earlier attempt of the same request can have been lost.
        return Arrays.equals(read(path), bytes);
      }
      if (uploadIfAbsent(path, bytes)) {
        bucket.delete(path, false);
        throw unsupported("it replaced an existing file", null);
      }
      return true;
    } catch (AmazonClientException e) {
      throw S3AUtils.translateException("upload", path, e);
    }
  }

  private boolean uploadIfAbsent(Path path, byte[] bytes) {
    PutObjectRequest request = request(path, bytes);
    request.putCustomRequestHeader("If-None-Match", "*");
    try {
      client.putObject(request);
      return true;
    } catch (AmazonS3Exception e) {
      switch (e.getStatusCode()) {
        case HttpURLConnection.HTTP_PRECON_FAILED, HttpURLConnection.HTTP_CONFLICT -> {
          return false;
        }
        case HttpURLConnection.HTTP_NOT_IMPLEMENTED ->
            throw unsupported("it answers: " + e.getErrorMessage(), e);
        default -> throw e;
      }
    }
  }

  private ConfigurationException unsupported(String reason, Exception cause) {
    return new ConfigurationException(
        "%s: the object store does not support conditional uploads (%s), so two jobs could work on one run. Choose another store, or a directory on HDFS or a shared disk."
            .formatted(bucket.getUri(), reason),
        cause);
  }

  private PutObjectRequest request(Path path, byte[] bytes) {
    return bucket
        .getRequestFactory()
        .newPutObjectRequest(
            StringUtils.removeStart(path.toUri().getPath(), Path.SEPARATOR),
            bucket.getRequestFactory().newObjectMetadata(bytes.length),
            new ByteArrayInputStream(bytes));
  }

  private byte[] read(Path path) throws IOException {
    try (InputStream source = bucket.open(path)) {
      return source.readAllBytes();
    }
  }
}
