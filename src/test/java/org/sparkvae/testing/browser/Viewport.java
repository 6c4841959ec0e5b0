package org.sparkvae.testing.browser;

import java.util.List;
import java.util.Map;

/** The screen on which a page is inspected: phone or desktop, light or dark. */
public enum Viewport {
  PHONE_LIGHT(360, "light"),
  PHONE_DARK(360, "dark"),
  DESKTOP_LIGHT(1280, "light"),
  DESKTOP_DARK(1280, "dark");

  private final int width;
  private final String colorScheme;

  Viewport(int width, String colorScheme) {
    this.width = width;
    this.colorScheme = colorScheme;
  }

  public void apply(DevTools devTools, String session) throws Exception {
    devTools.send(
        session,
        "Emulation.setDeviceMetricsOverride",
        Map.of("width", width, "height", 800, "deviceScaleFactor", 1, "mobile", width < 500));
    devTools.send(
        session,
        "Emulation.setEmulatedMedia",
        Map.of("features", List.of(Map.of("name", "prefers-color-scheme", "value", colorScheme))));
  }
}
