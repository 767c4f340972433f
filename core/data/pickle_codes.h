// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

namespace lathe::data {

/// Python's pickletools has the list; those that are not here are refused.
enum Code : unsigned char {
  Proto = 0x80,
  Frame = 0x95,
  Stop = '.',
  Mark = '(',
  Pop = '0',
  None = 'N',
  True = 0x88,
  False = 0x89,
  BinInt = 'J',
  BinInt1 = 'K',
  BinInt2 = 'M',
  Long1 = 0x8a,
  BinFloat = 'G',
  BinUnicode = 'X',
  ShortBinUnicode = 0x8c,
  BinUnicode8 = 0x8d,
  ShortBinString = 'U',
  BinString = 'T',
  EmptyDict = '}',
  EmptyList = ']',
  EmptyTuple = ')',
  Tuple = 't',
  Tuple1 = 0x85,
  Tuple2 = 0x86,
  Tuple3 = 0x87,
  Append = 'a',
  Appends = 'e',
  SetItem = 's',
  SetItems = 'u',
  BinPut = 'q',
  LongBinPut = 'r',
  Memoize = 0x94,
  BinGet = 'h',
  LongBinGet = 'j',
  Global = 'c',
  StackGlobal = 0x93,
  BinPersId = 'Q',
  Reduce = 'R',
  Build = 'b'
};

}  // namespace lathe::data
