package org.sparkvae.testing;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** A proxy in front of an S3 server, which makes it fail. */
public final class S3FaultProxy implements AutoCloseable {
  /** What the proxy does with the connections that are opened from now on. */
  public enum Mode {
    /** Passes everything on. */
    NONE,
    /** Answers each request with status 503. */
    UNAVAILABLE,
    /** Delays each packet. */
    SLOW,
    /** Hides the conditions of uploads from the server. */
    IGNORES_CONDITIONS
  }

  private static final String UNAVAILABLE =
      "HTTP/1.1 503 Slow Down\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";

  private static final int DELAY_MILLIS = 100;

  private final int serverPort;
  private final ServerSocket listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();
  private volatile Mode mode;

  public S3FaultProxy(S3Server server, Mode mode) throws IOException {
    this.serverPort = server.port();
    this.mode = mode;
    start(this::acceptAll);
  }

  public int port() {
    return listener.getLocalPort();
  }

  /** Changes the mode and closes the open connections. */
  public void setMode(Mode mode) {
    this.mode = mode;
    open.forEach(S3FaultProxy::closeQuietly);
  }

  @Override
  public void close() {
    closeQuietly(listener);
    open.forEach(S3FaultProxy::closeQuietly);
  }

  private interface Task {
    void run() throws IOException;
  }

  private static void start(Task task) {
    Thread thread =
        new Thread(
            () -> {
              try {
                task.run();
              } catch (IOException closed) {
                // The client or the test closed the connection.
              }
            });
    thread.setDaemon(true);
    thread.start();
  }

  private void acceptAll() throws IOException {
    while (true) {
      Socket client = listener.accept();
      open.add(client);
      start(() -> serve(client));
    }
  }

  private void serve(Socket client) throws IOException {
    Mode served = mode;
    if (served == Mode.UNAVAILABLE) {
      try (client) {
        client.getInputStream().read(new byte[1 << 16]);
        client.getOutputStream().write(UNAVAILABLE.getBytes(StandardCharsets.US_ASCII));
      }
      return;
    }
    Socket server = new Socket(InetAddress.getLoopbackAddress(), serverPort);
    open.add(server);
    start(() -> copy(server, client, served));
    copy(client, server, served);
  }

  private void copy(Socket source, Socket target, Mode served) throws IOException {
    byte[] buffer = new byte[1 << 16];
    try (source;
        target) {
      InputStream in = source.getInputStream();
      OutputStream out = target.getOutputStream();
      for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
        if (served == Mode.SLOW) {
          Thread.sleep(DELAY_MILLIS);
        }
        out.write(
            served == Mode.IGNORES_CONDITIONS ? withoutConditions(buffer, count) : buffer,
            0,
            count);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      open.remove(source);
      open.remove(target);
    }
  }

  /** Replaces the header by another one of the same length. */
  private static byte[] withoutConditions(byte[] bytes, int count) {
    return new String(bytes, 0, count, StandardCharsets.ISO_8859_1)
        .replace("If-None-Match:", "X-Ignored-Now:")
        .getBytes(StandardCharsets.ISO_8859_1);
  }

  private static void closeQuietly(Closeable closeable) {
    try {
      closeable.close();
    } catch (IOException ignored) {
      // It is already closed.
    }
  }
}
