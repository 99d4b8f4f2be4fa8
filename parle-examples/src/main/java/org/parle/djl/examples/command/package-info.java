/** The commands, one class each, and how they end. */
package org.parle.djl.examples.command;
