//! The fields once more, by hand: smart-config's derives give the code of each field the field's own span, and so do
//! not compile in a struct whose fields come out of a macro.

use smart_config::{DescribeConfig, DeserializeConfig};

use crate::fields::{Mode, fields_as_text};

#[derive(DescribeConfig, DeserializeConfig)]
pub struct Ten {
    service_name_00: String,
    worker_count_01: u32,
    verbose_flag_02: bool,
    release_mode_03: Mode,
    byte_offset_04: i64,
    service_name_05: String,
    worker_count_06: u32,
    verbose_flag_07: bool,
    release_mode_08: Mode,
    byte_offset_09: i64,
}

fields_as_text! {
    Ten
    service_name_00 worker_count_01 verbose_flag_02 release_mode_03 byte_offset_04 service_name_05
    worker_count_06 verbose_flag_07 release_mode_08 byte_offset_09
}

#[derive(DescribeConfig, DeserializeConfig)]
pub struct Hundred {
    service_name_00: String,
    worker_count_01: u32,
    verbose_flag_02: bool,
    release_mode_03: Mode,
    byte_offset_04: i64,
    service_name_05: String,
    worker_count_06: u32,
    verbose_flag_07: bool,
    release_mode_08: Mode,
    byte_offset_09: i64,
    service_name_10: String,
    worker_count_11: u32,
    verbose_flag_12: bool,
    release_mode_13: Mode,
    byte_offset_14: i64,
    service_name_15: String,
    worker_count_16: u32,
    verbose_flag_17: bool,
    release_mode_18: Mode,
    byte_offset_19: i64,
    service_name_20: String,
    worker_count_21: u32,
    verbose_flag_22: bool,
    release_mode_23: Mode,
    byte_offset_24: i64,
    service_name_25: String,
    worker_count_26: u32,
    verbose_flag_27: bool,
    release_mode_28: Mode,
    byte_offset_29: i64,
    service_name_30: String,
    worker_count_31: u32,
    verbose_flag_32: bool,
    release_mode_33: Mode,
    byte_offset_34: i64,
    service_name_35: String,
    worker_count_36: u32,
    verbose_flag_37: bool,
    release_mode_38: Mode,
    byte_offset_39: i64,
    service_name_40: String,
    worker_count_41: u32,
    verbose_flag_42: bool,
    release_mode_43: Mode,
    byte_offset_44: i64,
    service_name_45: String,
    worker_count_46: u32,
    verbose_flag_47: bool,
    release_mode_48: Mode,
    byte_offset_49: i64,
    service_name_50: String,
    worker_count_51: u32,
    verbose_flag_52: bool,
    release_mode_53: Mode,
    byte_offset_54: i64,
    service_name_55: String,
    worker_count_56: u32,
    verbose_flag_57: bool,
    release_mode_58: Mode,
    byte_offset_59: i64,
    service_name_60: String,
    worker_count_61: u32,
    verbose_flag_62: bool,
    release_mode_63: Mode,
    byte_offset_64: i64,
    service_name_65: String,
    worker_count_66: u32,
    verbose_flag_67: bool,
    release_mode_68: Mode,
    byte_offset_69: i64,
    service_name_70: String,
    worker_count_71: u32,
    verbose_flag_72: bool,
    release_mode_73: Mode,
    byte_offset_74: i64,
    service_name_75: String,
    worker_count_76: u32,
    verbose_flag_77: bool,
    release_mode_78: Mode,
    byte_offset_79: i64,
    service_name_80: String,
    worker_count_81: u32,
    verbose_flag_82: bool,
    release_mode_83: Mode,
    byte_offset_84: i64,
    service_name_85: String,
    worker_count_86: u32,
    verbose_flag_87: bool,
    release_mode_88: Mode,
    byte_offset_89: i64,
    service_name_90: String,
    worker_count_91: u32,
    verbose_flag_92: bool,
    release_mode_93: Mode,
    byte_offset_94: i64,
    service_name_95: String,
    worker_count_96: u32,
    verbose_flag_97: bool,
    release_mode_98: Mode,
    byte_offset_99: i64,
}

fields_as_text! {
    Hundred
    service_name_00 worker_count_01 verbose_flag_02 release_mode_03 byte_offset_04 service_name_05
    worker_count_06 verbose_flag_07 release_mode_08 byte_offset_09 service_name_10 worker_count_11
    verbose_flag_12 release_mode_13 byte_offset_14 service_name_15 worker_count_16 verbose_flag_17
    release_mode_18 byte_offset_19 service_name_20 worker_count_21 verbose_flag_22 release_mode_23
    byte_offset_24 service_name_25 worker_count_26 verbose_flag_27 release_mode_28 byte_offset_29
    service_name_30 worker_count_31 verbose_flag_32 release_mode_33 byte_offset_34 service_name_35
    worker_count_36 verbose_flag_37 release_mode_38 byte_offset_39 service_name_40 worker_count_41
    verbose_flag_42 release_mode_43 byte_offset_44 service_name_45 worker_count_46 verbose_flag_47
    release_mode_48 byte_offset_49 service_name_50 worker_count_51 verbose_flag_52 release_mode_53
    byte_offset_54 service_name_55 worker_count_56 verbose_flag_57 release_mode_58 byte_offset_59
    service_name_60 worker_count_61 verbose_flag_62 release_mode_63 byte_offset_64 service_name_65
    worker_count_66 verbose_flag_67 release_mode_68 byte_offset_69 service_name_70 worker_count_71
    verbose_flag_72 release_mode_73 byte_offset_74 service_name_75 worker_count_76 verbose_flag_77
    release_mode_78 byte_offset_79 service_name_80 worker_count_81 verbose_flag_82 release_mode_83
    byte_offset_84 service_name_85 worker_count_86 verbose_flag_87 release_mode_88 byte_offset_89
    service_name_90 worker_count_91 verbose_flag_92 release_mode_93 byte_offset_94 service_name_95
    worker_count_96 verbose_flag_97 release_mode_98 byte_offset_99
}
