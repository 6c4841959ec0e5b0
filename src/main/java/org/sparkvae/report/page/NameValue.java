package org.sparkvae.report.page;

/** A value with a name, both as text. */
record NameValue(String name, String value) {}
