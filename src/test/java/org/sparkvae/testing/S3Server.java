package org.sparkvae.testing;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.sparkvae.testing.cluster.Driver;

/**
 * A process of S3Proxy, whose bucket is a directory of this machine. The build with the profile s3
 * copies it to {@code target}.
 */
public final class S3Server implements AutoCloseable {
  public static final String BUCKET = "bucket";

  private static final Path JAR = Path.of("target/s3proxy.jar");
  private static final String KEY = "reader";
  private static final String SECRET = "a secret of the test";

  private final Process process;
  private final int port;
  private final Path bucket;

  private S3Server(Process process, int port, Path bucket) {
    this.process = process;
    this.port = port;
    this.bucket = bucket;
  }

  /** Returns whether this build can use S3. */
  public static boolean isAvailable() {
    return Files.exists(JAR);
  }

  /**
   * Starts a server.
   *
   * @param directory the directory of its files
   * @param checksCredentials whether it rejects requests that are not signed with its key
   */
  public static S3Server start(Path directory, boolean checksCredentials) throws Exception {
    int port = freePort();
    Path files = Files.createDirectory(directory.resolve("store"));
    Path bucket = Files.createDirectory(files.resolve(BUCKET));
    Path settings =
        Files.write(
            directory.resolve("s3proxy.properties"),
            List.of(
                "s3proxy.endpoint=http://127.0.0.1:" + port,
                "s3proxy.authorization=" + (checksCredentials ? "aws-v2-or-v4" : "none"),
                "s3proxy.identity=" + KEY,
                "s3proxy.credential=" + SECRET,
                "jclouds.provider=filesystem-nio2",
                "jclouds.filesystem.basedir=" + files));
    Process process =
        new ProcessBuilder(
                "java", "-Xmx512m", "-jar", JAR.toString(), "--properties", "" + settings)
            .redirectErrorStream(true)
            .redirectOutput(directory.resolve("s3proxy.log").toFile())
            .start();
    S3Server server = new S3Server(process, port, bucket);
    try {
      Await.await("S3 server", Duration.ofSeconds(60), server::accepts);
      return server;
    } catch (Throwable e) {
      server.close();
      throw e;
    }
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  private boolean accepts() {
    try (Socket connection = new Socket(InetAddress.getLoopbackAddress(), port)) {
      return connection.isConnected();
    } catch (IOException notYet) {
      return false;
    }
  }

  public int port() {
    return port;
  }

  /** Returns the directory that contains the objects of the bucket. */
  public Path bucket() {
    return bucket;
  }

  /** Returns a local driver that uses this server. */
  public Driver driver() {
    return driver(port, SECRET);
  }

  /** Returns a local driver with a proxy or another secret. */
  public static Driver driver(int port, String secret) {
    return new Driver(
        List.of("env", "AWS_ACCESS_KEY_ID=" + KEY, "AWS_SECRET_ACCESS_KEY=" + secret),
        List.of(),
        Map.of(
            "spark.hadoop.fs.s3a.endpoint",
            "http://127.0.0.1:" + port,
            "spark.hadoop.fs.s3a.path.style.access",
            "true"));
  }

  /** Returns a local driver that connects to a proxy of this server. */
  public Driver driverThrough(S3FaultProxy proxy) {
    return driver(proxy.port(), SECRET);
  }

  @Override
  public void close() {
    process.destroyForcibly().onExit().orTimeout(30, TimeUnit.SECONDS).join();
  }
}
