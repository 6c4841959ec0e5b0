package org.sparkvae.testing.browser;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiConsumer;

/** A client of Chromium's DevTools protocol, which has commands with responses, and events. */
public final class DevTools implements AutoCloseable, WebSocket.Listener {
  public static final long DEADLINE_SECONDS = 60;

  private static final ObjectMapper JSON = new ObjectMapper();

  private final Map<Integer, CompletableFuture<JsonNode>> pendingResponses =
      new ConcurrentHashMap<>();
  private final AtomicInteger lastCommandId = new AtomicInteger();
  private final StringBuilder message = new StringBuilder();
  private final BiConsumer<String, JsonNode> events;
  private WebSocket socket;

  private DevTools(BiConsumer<String, JsonNode> events) {
    this.events = events;
  }

  /**
   * Connects to a browser.
   *
   * @param events receives the name and the parameters of each event, on another thread
   */
  public static DevTools connect(URI address, BiConsumer<String, JsonNode> events)
      throws Exception {
    DevTools client = new DevTools(events);
    client.socket =
        HttpClient.newHttpClient()
            .newWebSocketBuilder()
            .buildAsync(address, client)
            .get(DEADLINE_SECONDS, TimeUnit.SECONDS);
    return client;
  }

  /**
   * Sends a command and returns its result.
   *
   * @param session the session of a page, or empty for the browser itself
   * @throws AssertionError if the browser responds with an error
   */
  public JsonNode send(String session, String method, Map<String, ?> parameters) throws Exception {
    int id = lastCommandId.incrementAndGet();
    ObjectNode command = JSON.createObjectNode().put("id", id).put("method", method);
    command.set("params", JSON.valueToTree(parameters));
    if (!session.isEmpty()) {
      command.put("sessionId", session);
    }
    CompletableFuture<JsonNode> pending = new CompletableFuture<>();
    pendingResponses.put(id, pending);
    socket.sendText(JSON.writeValueAsString(command), true).get(DEADLINE_SECONDS, TimeUnit.SECONDS);
    JsonNode response = pending.get(DEADLINE_SECONDS, TimeUnit.SECONDS);
    if (response.has("error")) {
      throw new AssertionError(method + ": " + response.get("error"));
    }
    return response.path("result");
  }

  @Override
  public CompletionStage<?> onText(WebSocket sender, CharSequence part, boolean last) {
    message.append(part);
    if (last) {
      handle(message.toString());
      message.setLength(0);
    }
    sender.request(1);
    return null;
  }

  private void handle(String text) {
    JsonNode received;
    try {
      received = JSON.readTree(text);
    } catch (IOException e) {
      throw new IllegalStateException(text, e);
    }
    if (received.has("id")) {
      pendingResponses.remove(received.get("id").asInt()).complete(received);
    } else {
      events.accept(received.path("method").asText(), received.path("params"));
    }
  }

  @Override
  public void close() {
    socket.abort();
  }
}
