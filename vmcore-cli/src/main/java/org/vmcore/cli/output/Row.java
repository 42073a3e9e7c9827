package org.vmcore.cli.output;

import java.util.Arrays;
import java.util.Map;

/**
 * Records, one after the other: the values of one are set, in any order, and {@link #end} writes
 * it. What wasn't set isn't known or doesn't apply.
 */
public abstract class Row {
  private final State[] states;
  private final long[] numbers;
  private final Object[] others;

  private enum State {
    UNSET,
    NUMBER,
    OTHER
  }

  Row(Fields fields) {
    int count = fields.all().size();
    states = new State[count];
    numbers = new long[count];
    others = new Object[count];
    Arrays.fill(states, State.UNSET);
  }

  /** A number, or bits of 64. */
  public final Row set(Field field, long value) {
    states[field.slot()] = State.NUMBER;
    numbers[field.slot()] = value;
    return this;
  }

  public final Row set(Field field, String value) {
    return other(field, value);
  }

  public final Row set(Field field, boolean value) {
    return other(field, value);
  }

  /** Bits by their names. */
  public final Row set(Field field, Map<String, Long> values) {
    return other(field, values);
  }

  private Row other(Field field, Object value) {
    states[field.slot()] = State.OTHER;
    others[field.slot()] = value;
    return this;
  }

  /** Whether {@code field}'s value is written: what costs much needn't be set otherwise. */
  public abstract boolean wants(Field field);

  /** Ends the record. */
  public final void end() {
    write();
    Arrays.fill(states, State.UNSET);
  }

  abstract void write();

  final boolean isSet(Field field) {
    return states[field.slot()] != State.UNSET;
  }

  final boolean isNumber(Field field) {
    return states[field.slot()] == State.NUMBER;
  }

  final long number(Field field) {
    return numbers[field.slot()];
  }

  /** The value when it is no number. */
  final Object other(Field field) {
    return others[field.slot()];
  }
}
