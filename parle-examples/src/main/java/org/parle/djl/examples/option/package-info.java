/** What is typed: the options of the commands, and the checks of them. */
package org.parle.djl.examples.option;
