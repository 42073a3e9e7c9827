package org.vmcore.cli.kernel;

import org.vmcore.cli.command.Ending;
import org.vmcore.cli.command.Listing;
import org.vmcore.cli.output.Field;
import org.vmcore.cli.output.Fields;
import org.vmcore.cli.output.Json;
import org.vmcore.cli.output.Row;
import org.vmcore.memory.Finding;
import org.vmcore.memory.PageState;
import org.vmcore.mmu.ReverseTranslation;
import org.vmcore.mmu.ReverseTranslation.Place;
import org.vmcore.values.Hex;

/** The virtual addresses of a physical one. */
record ReverseListing(ReverseTranslation found, PageState state) implements Listing {
  private static final Fields PLACE = new Fields();
  private static final Field VIRTUAL =
      PLACE.address("virtual", "A virtual address of it.").titled("VIRTUAL").wide(18);
  private static final Field PAGE_SIZE =
      PLACE
          .size("page_size", "The size of its page, where page tables tell.")
          .titled("PAGE")
          .wide(10)
          .optional();
  private static final Field MAP =
      PLACE
          .text("map", "What that belongs to; modules, vmalloc, a task's memory are other.")
          .titled("MAP")
          .oneOf("direct map", "kernel image", "other")
          .wide(0);

  /** Adds the list to the fields of a document. */
  static Field addTo(Fields fields) {
    return fields
        .records("mappings", PLACE, "With --phys: the virtual addresses that lead there.")
        .optional();
  }

  @Override
  public Field list() {
    return TranslateCommand.MAPPINGS;
  }

  @Override
  public void head(Json json) {
    json.put(TranslateCommand.PHYSICAL, found.physical());
    json.put(TranslateCommand.STATE, state.label());
    if (!found.reason().isEmpty()) {
      json.put(TranslateCommand.REASON, found.reason());
    }
  }

  @Override
  public void records(Row row) {
    for (Place place : found.places()) {
      row.set(VIRTUAL, place.virtual()).set(MAP, place.map());
      if (place.pageSize() != 0) {
        row.set(PAGE_SIZE, place.pageSize());
      }
      row.end();
    }
  }

  @Override
  public void end(Ending ending) {
    String where = "physical address " + Hex.of(found.physical()) + ": ";
    if (found.places().isEmpty()) {
      String why = found.reason().isEmpty() ? "" : "; " + found.reason();
      ending.failed(where + "nothing is known to be mapped there" + why);
    } else if (!found.reason().isEmpty()) {
      ending.gap(where, Finding.info("page_tables", "there may be more: " + found.reason()));
    }
  }
}
