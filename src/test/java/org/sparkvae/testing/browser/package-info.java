/** Inspects pages in a real browser. */
package org.sparkvae.testing.browser;
