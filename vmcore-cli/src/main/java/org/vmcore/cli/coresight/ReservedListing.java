package org.vmcore.cli.coresight;

import static org.vmcore.cli.coresight.ReservedFields.ADDRESS;
import static org.vmcore.cli.coresight.ReservedFields.FILE;
import static org.vmcore.cli.coresight.ReservedFields.FULL;
import static org.vmcore.cli.coresight.ReservedFields.INTACT;
import static org.vmcore.cli.coresight.ReservedFields.LENGTH;
import static org.vmcore.cli.coresight.ReservedFields.METADATA;
import static org.vmcore.cli.coresight.ReservedFields.MISSING;
import static org.vmcore.cli.coresight.ReservedFields.MISSING_BYTES;
import static org.vmcore.cli.coresight.ReservedFields.OBSTACLE;
import static org.vmcore.cli.coresight.ReservedFields.REGISTERS;
import static org.vmcore.cli.coresight.ReservedFields.SIZE;
import static org.vmcore.cli.coresight.ReservedFields.START;
import static org.vmcore.cli.coresight.ReservedFields.STATE;
import static org.vmcore.cli.coresight.ReservedFields.TRACE_INTACT;
import static org.vmcore.cli.coresight.ReservedFields.VALID;
import static org.vmcore.cli.coresight.ReservedFields.VERSION;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.vmcore.cli.command.Ending;
import org.vmcore.cli.command.Listing;
import org.vmcore.cli.output.Field;
import org.vmcore.cli.output.Json;
import org.vmcore.cli.output.Row;
import org.vmcore.coresight.CrashMetadata;
import org.vmcore.coresight.MissingBytes;
import org.vmcore.memory.Finding;
import org.vmcore.values.Hex;

/**
 * The traces in reserved memory.
 *
 * @param gaps what couldn't be asked about where they are
 */
record ReservedListing(List<SavedTrace> traces, List<Finding> gaps) implements Listing {
  @Override
  public Field list() {
    return CoresightFields.RESERVED;
  }

  @Override
  public void json(Json json) {
    json.array(list());
    for (SavedTrace trace : traces) {
      trace(json.object(), trace);
      json.end();
    }
    json.end();
  }

  private static void trace(Json json, SavedTrace trace) {
    CrashMetadata metadata = trace.metadata();
    json.put(METADATA, metadata.address()).put(VERSION, metadata.version());
    json.put(VALID, metadata.valid()).put(INTACT, metadata.isIntact());
    trace.isIntact().ifPresent(isSo -> json.put(TRACE_INTACT, isSo.booleanValue()));
    json.put(FULL, metadata.isFull());
    json.put(ADDRESS, metadata.tracePaddr()).put(SIZE, metadata.size());
    json.put(START, metadata.offset()).put(LENGTH, metadata.length());
    if (trace.obstacle().isEmpty()) {
      json.put(MISSING_BYTES, MissingBytes.count(trace.missing()));
    }
    json.put(REGISTERS, registers(metadata));
    trace.file().ifPresent(name -> json.put(FILE, name));
    if (!trace.missing().isEmpty()) {
      CoresightReport.ranges(json.array(MISSING), trace.missing());
      json.end();
    }
    trace.obstacle().ifPresent(reason -> json.put(OBSTACLE, reason));
  }

  private static Map<String, Long> registers(CrashMetadata metadata) {
    Map<String, Long> registers = new LinkedHashMap<>();
    registers.put("sts", metadata.sts());
    registers.put("mode", metadata.mode());
    registers.put("ffcr", metadata.ffcr());
    registers.put("ffsr", metadata.ffsr());
    registers.put("rrp", metadata.rrp());
    registers.put("rwp", metadata.rwp());
    registers.put("dba", metadata.dba());
    return registers;
  }

  @Override
  public void records(Row row) {
    for (SavedTrace trace : traces) {
      CrashMetadata metadata = trace.metadata();
      row.set(METADATA, metadata.address()).set(VERSION, metadata.version());
      row.set(ADDRESS, metadata.tracePaddr()).set(SIZE, metadata.size());
      row.set(START, metadata.offset()).set(LENGTH, metadata.length());
      if (trace.obstacle().isEmpty()) {
        row.set(MISSING_BYTES, MissingBytes.count(trace.missing()));
      }
      row.set(STATE, state(trace));
      trace.file().ifPresent(name -> row.set(FILE, name));
      row.end();
    }
  }

  private static String state(SavedTrace trace) {
    CrashMetadata metadata = trace.metadata();
    String state = metadata.valid() ? "valid" : "not valid";
    boolean isDamaged = metadata.isDamaged() || trace.isChanged();
    return state + (metadata.isFull() ? ", full" : "") + (isDamaged ? ", damaged" : "");
  }

  @Override
  public void end(Ending ending) {
    for (Finding gap : gaps) {
      ending.gap("", gap);
    }
    for (SavedTrace trace : traces) {
      CrashMetadata metadata = trace.metadata();
      String where = "metadata at " + Hex.of(metadata.address()) + ": ";
      if (trace.obstacle().isPresent()) {
        say(ending, where + trace.obstacle().get(), trace.isBroken());
      }
      if (metadata.isDamaged()) {
        say(ending, where + "they aren't those of their CRC", true);
      }
      if (trace.file().isPresent() && !trace.missing().isEmpty()) {
        say(ending, where + CoresightReport.missing(trace.missing()), true);
      } else if (trace.isChanged()) {
        say(ending, where + "the trace isn't that of its CRC", true);
      } else if (trace.obstacle().isEmpty() && trace.isIntact().isEmpty()) {
        say(ending, where + "the buffer isn't whole in the dump: its CRC can't be checked", false);
      }
    }
  }

  private static void say(Ending ending, String line, boolean isDamage) {
    Finding.Severity severity = isDamage ? Finding.Severity.ERROR : Finding.Severity.WARNING;
    ending.gap("", new Finding("coresight", severity, OptionalLong.empty(), line));
  }
}
