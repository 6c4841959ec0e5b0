/** Linear algebra for several packages, based on a Java version of LAPACK. */
package org.sparkvae.linalg;
