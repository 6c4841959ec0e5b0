package org.sparkvae.browser;

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
 * Headless Chromium with a profile of its own, which goes with it. It is spoken to through its
 * DevTools protocol, for which Java needs no driver.
 */
public final class Chromium implements AutoCloseable {
  /** Faults of a page that is laid out: images without pixels, and what stands out to the right. */
  private static final String LOOK =
      """
      (async () => {
        const faults = [];
        const measure = state => {
          const page = document.documentElement;
          if (page.scrollWidth > page.clientWidth) {
            const wide = [...document.querySelectorAll('body *')]
              .filter(e => e.getBoundingClientRect().right > page.clientWidth + 1 && !e.closest('.scroll'))
              .map(e => e.tagName + '.' + e.className);
            faults.push(`overflow, ${state}: ${page.scrollWidth} > ${page.clientWidth}: ${wide.slice(0, 5)}`);
          }
        };
        measure('as opened');
        document.querySelectorAll('details').forEach(e => e.open = true);
        measure('unfolded');
        for (const image of document.images) {
          await image.decode().catch(() => {});
          if (!image.complete || image.naturalWidth === 0) {
            faults.push('broken image: ' + image.alt);
          }
        }
        return faults;
      })()
      """;

  private final Process process;
  private final Path profile;
  private final DevTools tools;
  private final List<String> faults = new ArrayList<>();
  private CountDownLatch loaded = new CountDownLatch(1);
  private String opened = "";

  private Chromium(Process process, Path profile) throws Exception {
    this.process = process;
    this.profile = profile;
    this.tools = DevTools.at(address(), this::event);
  }

  /** Where Chromium is, if it is. */
  public static Optional<Path> program() {
    return Stream.of(System.getenv("PATH").split(File.pathSeparator, -1))
        .map(directory -> Path.of(directory, "chromium"))
        .filter(Files::isExecutable)
        .findFirst();
  }

  Path profile() {
    return profile;
  }

  /** Starts it. */
  public static Chromium start() throws Exception {
    Path profile = Files.createTempDirectory("chromium");
    Process process =
        new ProcessBuilder(
                program().orElseThrow().toString(),
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
      end(process, profile);
      throw e;
    }
  }

  /**
   * Opens a page and looks at it as it comes and with all its details unfolded.
   *
   * @param screenshot where to put a picture of the whole page
   * @return what is wrong with it, a line each
   */
  public List<String> faults(Path page, Viewport screen, Path screenshot) throws Exception {
    synchronized (this) {
      faults.clear();
      loaded = new CountDownLatch(1);
      opened = page.toUri().toString().replace("file:///", "file:/");
    }
    String target =
        tools
            .send("", "Target.createTarget", Map.of("url", "about:blank"))
            .get("targetId")
            .asText();
    String session =
        tools
            .send("", "Target.attachToTarget", Map.of("targetId", target, "flatten", true))
            .get("sessionId")
            .asText();
    for (String domain : List.of("Page", "Runtime", "Log", "Network")) {
      tools.send(session, domain + ".enable", Map.of());
    }
    screen.take(tools, session);
    tools.send(session, "Page.navigate", Map.of("url", page.toUri().toString()));
    if (!loaded.await(DevTools.DEADLINE_SECONDS, TimeUnit.SECONDS)) {
      throw new AssertionError(page + " is not loaded");
    }
    JsonNode looked =
        tools.send(
            session,
            "Runtime.evaluate",
            Map.of("expression", LOOK, "awaitPromise", true, "returnByValue", true));
    shoot(session, screenshot);
    tools.send("", "Target.closeTarget", Map.of("targetId", target));
    synchronized (this) {
      looked.at("/result/value").forEach(each -> faults.add(each.asText()));
      return List.copyOf(faults);
    }
  }

  private void shoot(String session, Path screenshot) throws Exception {
    JsonNode size = tools.send(session, "Page.getLayoutMetrics", Map.of()).get("cssContentSize");
    Map<String, ?> all =
        Map.of(
            "x", 0,
            "y", 0,
            "width", size.get("width").asInt(),
            "height", size.get("height").asInt(),
            "scale", 1);
    JsonNode shot =
        tools.send(
            session,
            "Page.captureScreenshot",
            Map.of("format", "png", "captureBeyondViewport", true, "clip", all));
    Files.write(screenshot, Base64.getDecoder().decode(shot.get("data").asText()));
  }

  private synchronized void event(String method, JsonNode of) {
    switch (method) {
      case "Page.loadEventFired" -> loaded.countDown();
      case "Runtime.exceptionThrown" ->
          faults.add("exception: " + of.at("/exceptionDetails/exception/description").asText());
      case "Runtime.consoleAPICalled" -> {
        if (of.path("type").asText().equals("error")) {
          faults.add("console: " + of.at("/args/0/value").asText());
        }
      }
      case "Log.entryAdded" -> {
        if (of.at("/entry/level").asText().equals("error")) {
          faults.add("log: " + of.at("/entry/text").asText());
        }
      }
      case "Network.requestWillBeSent" -> {
        String url = of.at("/request/url").asText();
        if (!url.startsWith("data:") && !url.replace("file:///", "file:/").equals(opened)) {
          faults.add("request: " + url);
        }
      }
      case "Inspector.targetCrashed" -> faults.add("crashed");
      default -> {}
    }
  }

  /** Chromium writes it down as soon as it listens. */
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
    tools.close();
    end(process, profile);
  }

  private static void end(Process process, Path profile) throws IOException {
    // Its helpers leave the family, but not the profile.
    List<ProcessHandle> all =
        ProcessHandle.allProcesses()
            .filter(
                each ->
                    each.info()
                        .commandLine()
                        .filter(l -> l.contains(profile.toString()))
                        .isPresent())
            .toList();
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    all.forEach(ProcessHandle::destroyForcibly);
    process.destroyForcibly();
    Stream.concat(Stream.of(process.toHandle()), all.stream())
        .forEach(each -> each.onExit().orTimeout(30, TimeUnit.SECONDS).join());
    delete(profile);
  }

  private static void delete(Path directory) throws IOException {
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path each : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(each);
      }
    }
  }
}
