/** Linear algebra that several packages need, on top of LAPACK in Java. */
package org.sparkvae.linalg;
