package org.vmcore.cli.option;

import org.vmcore.Vmcore;
import org.vmcore.cli.help.Section;
import org.vmcore.cli.output.Console;
import org.vmcore.cli.output.Json;
import org.vmcore.cli.output.Table;
import picocli.CommandLine.Model.CommandSpec;

/** How records are printed. */
public final class OutputOptions {
  private final Opt<Boolean> json =
      Opt.flag("Print one JSON object.", "-j", "--json").in(Section.OUTPUT);
  private final Opt<Boolean> pretty;
  private final Opt<Boolean> noHeader =
      Opt.flag("Leave out the line of titles.", "--no-header").in(Section.OUTPUT);

  /** {@code -j}, {@code -p} and {@code --no-header}. */
  public OutputOptions() {
    this("-p", "--pretty");
  }

  private OutputOptions(String... pretty) {
    this.pretty = Opt.flag("Indent the JSON.", pretty).in(Section.OUTPUT);
  }

  /** Those of a command whose {@code -p} is something else. */
  public static OutputOptions withoutShortPretty() {
    return new OutputOptions("--pretty");
  }

  public void addTo(CommandSpec spec) {
    json.addTo(spec);
    pretty.addTo(spec);
  }

  /** Adds what only tables have, too. */
  public void addTableTo(CommandSpec spec) {
    addTo(spec);
    noHeader.addTo(spec);
  }

  /** Refuses those of these options that have no effect. */
  public void check() {
    pretty.requireEffect(json.isGiven(), "without --json");
    noHeader.requireEffect(!json.isGiven(), "with --json");
  }

  /** Whether --no-header is given. */
  public boolean isWithoutHeader() {
    return noHeader.isGiven();
  }

  /** Refuses --no-header where there is no table. */
  public void requireHeader(boolean table, String reason) {
    noHeader.requireEffect(table, reason);
  }

  /** Refuses JSON that is more than a line. */
  public void requireLines(String reason) {
    pretty.requireEffect(false, reason);
  }

  /** Whether JSON is asked for; refuses options that then have no effect. */
  public boolean isJson() {
    check();
    return json.isGiven();
  }

  /** Refuses all of these options. */
  public void requireNone(String reason) {
    json.requireEffect(false, reason);
    pretty.requireEffect(false, reason);
    noHeader.requireEffect(false, reason);
  }

  /** Starts the JSON document of {@code command}. */
  public Json document(Console console, String command, Vmcore vmcore) {
    return console.begin(Json.document(console.out(), pretty.isGiven(), command, vmcore.name()));
  }

  /** Starts the JSON document of {@code command}, which isn't about one dump. */
  public Json document(Console console, String command) {
    return console.begin(Json.document(console.out(), pretty.isGiven(), command));
  }

  /** Starts a JSON document of {@code command} that is one of several. */
  public Json next(Console console, String command) {
    return Json.document(console.out(), pretty.isGiven(), command);
  }

  /** Writes {@code table}'s titles if they are wanted. */
  public Table begin(Table table) {
    if (!noHeader.isGiven()) {
      table.header();
    }
    return table;
  }
}
