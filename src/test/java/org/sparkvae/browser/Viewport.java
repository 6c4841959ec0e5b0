package org.sparkvae.browser;

import java.util.List;
import java.util.Map;

/** What a page is looked at on: a phone or a desk, in daylight or in the dark. */
public enum Viewport {
  PHONE_LIGHT(360, "light"),
  PHONE_DARK(360, "dark"),
  DESK_LIGHT(1280, "light"),
  DESK_DARK(1280, "dark");

  private final int width;
  private final String colours;

  Viewport(int width, String colours) {
    this.width = width;
    this.colours = colours;
  }

  void take(DevTools tools, String session) throws Exception {
    tools.send(
        session,
        "Emulation.setDeviceMetricsOverride",
        Map.of("width", width, "height", 800, "deviceScaleFactor", 1, "mobile", width < 500));
    tools.send(
        session,
        "Emulation.setEmulatedMedia",
        Map.of("features", List.of(Map.of("name", "prefers-color-scheme", "value", colours))));
  }
}
