package org.sparkvae.fuzz;

/** A class that a file may name, and that nobody should make or even load for it. */
public final class PlantedClass {
  public static final String NAME = "org.sparkvae.fuzz.PlantedClass";

  public static final String LOADED = "sparkvae.planted";

  static {
    System.setProperty(LOADED, "true");
  }
}
