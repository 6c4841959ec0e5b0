package org.sparkvae.browser;

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

/** Chromium's DevTools protocol: commands with answers, and events. */
final class DevTools implements AutoCloseable, WebSocket.Listener {
  static final long DEADLINE_SECONDS = 60;

  private static final ObjectMapper JSON = new ObjectMapper();

  private final Map<Integer, CompletableFuture<JsonNode>> answers = new ConcurrentHashMap<>();
  private final AtomicInteger commands = new AtomicInteger();
  private final StringBuilder message = new StringBuilder();
  private final BiConsumer<String, JsonNode> events;
  private WebSocket socket;

  private DevTools(BiConsumer<String, JsonNode> events) {
    this.events = events;
  }

  /**
   * Connects.
   *
   * @param events told of each event's name and parameters, from another thread
   */
  static DevTools at(URI address, BiConsumer<String, JsonNode> events) throws Exception {
    DevTools tools = new DevTools(events);
    tools.socket =
        HttpClient.newHttpClient()
            .newWebSocketBuilder()
            .buildAsync(address, tools)
            .get(DEADLINE_SECONDS, TimeUnit.SECONDS);
    return tools;
  }

  /**
   * Sends a command to the browser, or to a page where {@code session} is not empty.
   *
   * @throws AssertionError if the browser refuses it
   */
  JsonNode send(String session, String method, Map<String, ?> parameters) throws Exception {
    int id = commands.incrementAndGet();
    ObjectNode command = JSON.createObjectNode().put("id", id).put("method", method);
    command.set("params", JSON.valueToTree(parameters));
    if (!session.isEmpty()) {
      command.put("sessionId", session);
    }
    CompletableFuture<JsonNode> answer = new CompletableFuture<>();
    answers.put(id, answer);
    socket.sendText(JSON.writeValueAsString(command), true).get(DEADLINE_SECONDS, TimeUnit.SECONDS);
    JsonNode answered = answer.get(DEADLINE_SECONDS, TimeUnit.SECONDS);
    if (answered.has("error")) {
      throw new AssertionError(method + ": " + answered.get("error"));
    }
    return answered.path("result");
  }

  @Override
  public CompletionStage<?> onText(WebSocket from, CharSequence part, boolean last) {
    message.append(part);
    if (last) {
      received(message.toString());
      message.setLength(0);
    }
    from.request(1);
    return null;
  }

  private void received(String text) {
    JsonNode received;
    try {
      received = JSON.readTree(text);
    } catch (IOException e) {
      throw new IllegalStateException(text, e);
    }
    if (received.has("id")) {
      answers.remove(received.get("id").asInt()).complete(received);
    } else {
      events.accept(received.path("method").asText(), received.path("params"));
    }
  }

  @Override
  public void close() {
    socket.abort();
  }
}
