package org.sparkvae.testing.browser;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A headless Chromium with a temporary profile, which is deleted on close. It is controlled through
 * the DevTools protocol, which needs no driver.
 */
public final class Chromium implements AutoCloseable {
  /** Finds broken images, and elements that extend beyond the right edge of the page. */
  private static final String INSPECTION_SCRIPT =
      """
      (async () => {
        const problems = [];
        const measure = state => {
          const page = document.documentElement;
          if (page.scrollWidth > page.clientWidth) {
            const wide = [...document.querySelectorAll('body *')]
              .filter(e => e.getBoundingClientRect().right > page.clientWidth + 1 && !e.closest('.scroll'))
              .map(e => e.tagName + '.' + e.className);
            problems.push(`overflow, ${state}: ${page.scrollWidth} > ${page.clientWidth}: ${wide.slice(0, 5)}`);
          }
        };
        measure('details closed');
        document.querySelectorAll('details').forEach(e => e.open = true);
        measure('details open');
        for (const image of document.images) {
          await image.decode().catch(() => {});
          if (!image.complete || image.naturalWidth === 0) {
            problems.push('broken image: ' + image.alt);
          }
        }
        return problems;
      })()
      """;

  private final Process process;
  private final Path profile;
  private final DevTools devTools;
  private final List<String> problems = new ArrayList<>();
  private CountDownLatch loaded = new CountDownLatch(1);
  private String pageUrl = "";

  private Chromium(Process process, Path profile) throws Exception {
    this.process = process;
    this.profile = profile;
    this.devTools = DevTools.connect(address(), this::onEvent);
  }

  /** Returns the path of Chromium, if it is installed. */
  public static Optional<Path> executable() {
    return Stream.of(System.getenv("PATH").split(File.pathSeparator, -1))
        .map(directory -> Path.of(directory, "chromium"))
        .filter(Files::isExecutable)
        .findFirst();
  }

  public Path profile() {
    return profile;
  }

  /** Starts Chromium. */
  public static Chromium start() throws Exception {
    Path profile = Files.createTempDirectory("chromium");
    Process process =
        new ProcessBuilder(
                executable().orElseThrow().toString(),
                "--headless",
                "--remote-debugging-port=0",
                "--user-data-dir=" + profile,
                "--no-sandbox",
                "--no-first-run",
                "--disable-gpu",
                "--disable-dev-shm-usage",
                "--disable-quic",
                "--disable-sync",
                "--disable-extensions",
                "--disable-breakpad",
                "--disable-component-update",
                "--disable-background-networking",
                "about:blank")
            .redirectErrorStream(true)
            .redirectOutput(profile.resolve("output.txt").toFile())
            .start();
    try {
      return new Chromium(process, profile);
    } catch (Exception | Error e) {
      stop(process, profile);
      throw e;
    }
  }

  /**
   * Opens a page and inspects it first as loaded and then with all its details open.
   *
   * @param screenshot the file for a screenshot of the whole page
   * @return the problems found, one line each
   */
  public List<String> inspect(Path page, Viewport viewport, Path screenshot) throws Exception {
    synchronized (this) {
      problems.clear();
      loaded = new CountDownLatch(1);
      pageUrl = page.toUri().toString().replace("file:///", "file:/");
    }
    String target =
        devTools
            .send("", "Target.createTarget", Map.of("url", "about:blank"))
            .get("targetId")
            .asText();
    String session =
        devTools
            .send("", "Target.attachToTarget", Map.of("targetId", target, "flatten", true))
            .get("sessionId")
            .asText();
    for (String domain : List.of("Page", "Runtime", "Log", "Network")) {
      devTools.send(session, domain + ".enable", Map.of());
    }
    viewport.apply(devTools, session);
    devTools.send(session, "Page.navigate", Map.of("url", page.toUri().toString()));
    if (!loaded.await(DevTools.DEADLINE_SECONDS, TimeUnit.SECONDS)) {
      throw new AssertionError(page + " does not load");
    }
    JsonNode inspection =
        devTools.send(
            session,
            "Runtime.evaluate",
            Map.of("expression", INSPECTION_SCRIPT, "awaitPromise", true, "returnByValue", true));
    takeScreenshot(session, screenshot);
    devTools.send("", "Target.closeTarget", Map.of("targetId", target));
    synchronized (this) {
      inspection.at("/result/value").forEach(problem -> problems.add(problem.asText()));
      return List.copyOf(problems);
    }
  }

  private void takeScreenshot(String session, Path screenshot) throws Exception {
    JsonNode size = devTools.send(session, "Page.getLayoutMetrics", Map.of()).get("cssContentSize");
    Map<String, ?> wholePage =
        Map.of(
            "x", 0,
            "y", 0,
            "width", size.get("width").asInt(),
            "height", size.get("height").asInt(),
            "scale", 1);
    JsonNode screenshotData =
        devTools.send(
            session,
            "Page.captureScreenshot",
            Map.of("format", "png", "captureBeyondViewport", true, "clip", wholePage));
    Files.write(screenshot, Base64.getDecoder().decode(screenshotData.get("data").asText()));
  }

  private synchronized void onEvent(String method, JsonNode parameters) {
    switch (method) {
      case "Page.loadEventFired" -> loaded.countDown();
      case "Runtime.exceptionThrown" ->
          problems.add(
              "exception: " + parameters.at("/exceptionDetails/exception/description").asText());
      case "Runtime.consoleAPICalled" -> {
        if (parameters.path("type").asText().equals("error")) {
          problems.add("console: " + parameters.at("/args/0/value").asText());
        }
      }
      case "Log.entryAdded" -> {
        if (parameters.at("/entry/level").asText().equals("error")) {
          problems.add("log: " + parameters.at("/entry/text").asText());
        }
      }
      case "Network.requestWillBeSent" -> {
        String url = parameters.at("/request/url").asText();
        if (!url.startsWith("data:") && !url.replace("file:///", "file:/").equals(pageUrl)) {
          problems.add("request: " + url);
        }
      }
      case "Inspector.targetCrashed" -> problems.add("crashed");
      default -> {}
    }
  }

  /** Returns the DevTools address, which Chromium writes to a file as soon as it listens. */
  private URI address() throws Exception {
    Path file = profile.resolve("DevToolsActivePort");
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(DevTools.DEADLINE_SECONDS);
    while (System.nanoTime() < deadline && process.isAlive()) {
      List<String> lines = Files.exists(file) ? Files.readAllLines(file) : List.of();
      if (lines.size() == 2) {
        return URI.create("ws://127.0.0.1:%s%s".formatted(lines.get(0), lines.get(1)));
      }
      Thread.sleep(50);
    }
    throw new AssertionError(
        "Chromium does not listen: " + Files.readString(profile.resolve("output.txt")));
  }

  @Override
  public void close() throws IOException {
    devTools.close();
    stop(process, profile);
  }

  private static void stop(Process process, Path profile) throws IOException {
    // Helper processes may have another parent, but their command lines name the profile.
    List<ProcessHandle> helpers =
        ProcessHandle.allProcesses()
            .filter(
                handle ->
                    handle
                        .info()
                        .commandLine()
                        .filter(line -> line.contains(profile.toString()))
                        .isPresent())
            .toList();
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    helpers.forEach(ProcessHandle::destroyForcibly);
    process.destroyForcibly();
    Stream.concat(Stream.of(process.toHandle()), helpers.stream())
        .forEach(handle -> handle.onExit().orTimeout(30, TimeUnit.SECONDS).join());
    delete(profile);
  }

  private static void delete(Path directory) throws IOException {
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    }
  }
}
