/**
 * Random numbers that are functions of what they are for, the seed and an image's id among it, so
 * that any process can draw them again.
 */
package org.sparkvae.model.noise;
