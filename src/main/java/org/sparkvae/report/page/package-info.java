/**
 * The page of a run, and of two runs side by side: plain values to HTML that stands on its own, by
 * templates that lie beside these classes as resources. Where it is stored is the caller's
 * business.
 */
package org.sparkvae.report.page;
