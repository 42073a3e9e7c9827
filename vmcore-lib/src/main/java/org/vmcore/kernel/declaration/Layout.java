package org.vmcore.kernel.declaration;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.vmcore.kernel.types.Member;
import org.vmcore.kernel.types.StructType;

/** Where the members of a structure lie, and the holes between them. */
final class Layout {
  final StructType struct;
  final List<Place> places;

  /** The alignment that its size tells of, beyond that of its members; else 0. */
  final long alignment;

  /** What no member has in front of the first. */
  long holeBefore;

  long bitHoleBefore;
  int holes;
  int bitHoles;

  /** Bytes, and bits, behind the last member. */
  long padding;

  long bitPadding;

  /** Whether its members lie closer than their types ask for. */
  final boolean isPacked;

  private Layout(StructType struct, Alignments alignments) {
    this.struct = struct;
    this.places = new ArrayList<>(struct.members().size());
    long end = 0;
    boolean isKnown = true;
    for (Member member : struct.members()) {
      Place place = Place.of(member);
      isKnown &= !place.isOnlyPlace();
      if (isKnown && place.size != 0) {
        place.alignment = Alignments.forced(place.offset, end, alignments.natural(place.plain));
        end = place.offset + place.size;
      }
      places.add(place);
    }
    this.alignment =
        isKnown ? Alignments.forced(struct.size(), end, alignments.natural(struct)) : 0;
    if (isWhole()) {
      findHoles();
    }
    this.isPacked = isWhole() && isPacked(alignments);
  }

  static Layout of(StructType struct, Alignments alignments) {
    return new Layout(struct, alignments);
  }

  /** Whether all of it is known, and one member lies behind the other. */
  private boolean isWhole() {
    return !struct.isUnion() && !isOfVmcoreInfo();
  }

  /** Whether VMCOREINFO alone tells of it: places of single members. */
  boolean isOfVmcoreInfo() {
    for (Place place : places) {
      if (place.isOnlyPlace() && place.fault.isEmpty()) {
        return true;
      }
    }
    return false;
  }

  boolean hasGaps() {
    return padding != 0 || holes != 0;
  }

  private boolean isPacked(Alignments alignments) {
    if (hasGaps()) {
      return false;
    }
    long most = 1;
    for (Place place : places) {
      long natural = alignments.natural(place.plain);
      most = Math.max(most, natural);
      if (place.offset % natural != 0) {
        return true;
      }
    }
    return struct.size() % most != 0;
  }

  /** Each hole counts for the member in front of it. */
  private void findHoles() {
    BitfieldEnd bitfield = new BitfieldEnd(struct.size() * 8);
    Place last = null;
    long seen = 0;
    for (Place place : places) {
      long start = place.bitOffset;
      long bits = 0;
      long bytes = 0;
      if (last != null && last.isBitfield()) {
        long end = Math.min(start, bitfield.end);
        bits = end - seen;
        seen = end;
      }
      if (place.isBitfield()) {
        long aligned = place.offset * 8;
        if (seen < aligned && aligned <= start) {
          bytes = place.offset - seen / 8;
          seen = aligned;
        }
        bits += start - seen;
      } else {
        bytes = start / 8 - seen / 8;
      }
      seen = place.bitEnd();
      bitfield.pass(place);
      note(last, bytes, bits);
      last = place;
    }
    if (last != null && last.isBitfield()) {
      long end = Math.min(struct.size() * 8, bitfield.end);
      bitPadding = end - seen;
      seen = end;
    }
    padding = struct.size() - seen / 8;
  }

  private void note(@Nullable Place last, long bytes, long bits) {
    if (last == null) {
      holeBefore = bytes;
      bitHoleBefore = bits;
    } else {
      last.hole = bytes;
      last.bitHole = bits;
    }
    holes += bytes != 0 ? 1 : 0;
    bitHoles += bits != 0 ? 1 : 0;
  }

  /** Where the integer ends in which the bit-fields met last lie, in bits. */
  private static final class BitfieldEnd {
    private long end;
    private long size;

    BitfieldEnd(long end) {
      this.end = end;
    }

    void pass(Place place) {
      if (!place.isBitfield()) {
        size = 0;
        end = place.bitEnd();
      } else if (place.bitEnd() > end || place.size * 8 > size) {
        size = place.size * 8;
        end = place.offset * 8 + size;
        if (place.bitEnd() > end) {
          end += size;
        }
      }
    }
  }
}
