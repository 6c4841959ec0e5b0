/**
 * Random numbers that are functions of their purpose, for example of seed, epoch and image id. Any
 * process can therefore recompute them.
 */
package org.sparkvae.model.noise;
