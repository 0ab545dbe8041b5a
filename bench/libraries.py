"""The licences of compiled libraries that wheels carry, as their projects publish them (SPDX)."""

from __future__ import annotations

_LGPL_21 = "LGPL-2.1-or-later"
_GNU_DUAL = "LGPL-3.0-or-later OR GPL-2.0-or-later"
_FFMPEG = "LGPL-3.0-or-later as configured; see below"

LIBRARIES = {
    # FFmpeg, as the wheel of PyAV builds it, and what it is linked with
    "libavcodec": _FFMPEG,
    "libavdevice": _FFMPEG,
    "libavfilter": _FFMPEG,
    "libavformat": _FFMPEG,
    "libavutil": _FFMPEG,
    "libswresample": _FFMPEG,
    "libswscale": _FFMPEG,
    "libSvtAv1Enc": "BSD-3-Clause-Clear",
    "libasound": _LGPL_21,
    "libdav1d": "BSD-2-Clause",
    "libdrm": "MIT",
    "libgmp": _GNU_DUAL,
    "libgnutls": _LGPL_21,
    "libhogweed": _GNU_DUAL,
    "libmp3lame": "LGPL-2.0-or-later",
    "libnettle": _GNU_DUAL,
    "libopencore-amrnb": "Apache-2.0",
    "libopencore-amrwb": "Apache-2.0",
    "libopus": "BSD-3-Clause",
    "libunistring": _GNU_DUAL,
    "libvpl": "MIT",
    "libvpx": "BSD-3-Clause",
    "libx264": "**GPL-2.0-or-later**",
    "libx265": "**GPL-2.0-or-later**",
    "libXau": "MIT",
    "libxcb": "MIT",
    "libxcb-shape": "MIT",
    "libxcb-shm": "MIT",
    "libxcb-xfixes": "MIT",
    # Pillow
    "libavif": "BSD-2-Clause",
    "libbrotlicommon": "MIT",
    "libbrotlidec": "MIT",
    "libfreetype": "FTL OR GPL-2.0-or-later",
    "libharfbuzz": "MIT-Modern-Variant",
    "libjpeg": "IJG AND BSD-3-Clause AND Zlib",
    "liblcms2": "MIT",
    "liblzma": "0BSD",
    "libopenjp2": "BSD-2-Clause",
    "libpng16": "libpng-2.0",
    "libsharpyuv": "BSD-3-Clause",
    "libtiff": "libtiff",
    "libwebp": "BSD-3-Clause",
    "libwebpdemux": "BSD-3-Clause",
    "libwebpmux": "BSD-3-Clause",
    "libzstd": "BSD-3-Clause OR GPL-2.0-only",
    # NumPy
    "libgfortran": "GPL-3.0-or-later WITH GCC-exception-3.1",
    "libquadmath": _LGPL_21,
    "libscipy_openblas64_": "BSD-3-Clause",
    # psycopg-binary
    "libcom_err": "MIT",
    "libcrypt": _LGPL_21,
    "libcrypto": "Apache-2.0",
    "libgssapi_krb5": "MIT",
    "libk5crypto": "MIT",
    "libkeyutils": "LGPL-2.1-or-later",
    "libkrb5": "MIT",
    "libkrb5support": "MIT",
    "liblber": "OLDAP-2.8",
    "libldap": "OLDAP-2.8",
    "libpq": "PostgreSQL",
    "libsasl2": "BSD-Attribution-HPND-disclaimer",
    "libssl": "Apache-2.0",
    # skia-python, c2pa-python
    "libbz2": "bzip2-1.0.6",
    "libfontconfig": "HPND-sell-variant",
    "libuuid": "BSD-3-Clause",
    "libc2pa_c": "MIT OR Apache-2.0",
}
"""Library name without version -> licence. Written by hand; a test finds names that are missing here."""
