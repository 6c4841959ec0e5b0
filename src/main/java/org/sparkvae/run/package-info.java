/** A run on disk and the stages that fill it, each skipped where its output is complete. */
package org.sparkvae.run;
