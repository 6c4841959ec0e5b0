package org.sparkvae.testing.fuzz;

/** A class that fuzzed files name. No reader may load or instantiate it. */
public final class PlantedClass {
  public static final String NAME = "org.sparkvae.testing.fuzz.PlantedClass";

  public static final String LOADED = "sparkvae.planted";

  static {
    System.setProperty(LOADED, "true");
  }
}
