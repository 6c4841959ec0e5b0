/** Linear algebra that several packages need, on top of Commons Math. */
package org.sparkvae.linear;
