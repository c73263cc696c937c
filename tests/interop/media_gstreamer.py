# SPDX-License-Identifier: BSL-1.0
"""GStreamer's srtpenc sends to Sotto, and its srtpdec receives from it."""
from media_processes import expect_equal, free_ports

OUR_SSRC = 0x534f5454

# Cipher, authentication of RTP and of RTCP.
NAMES = {
    "AES_CM_128_HMAC_SHA1_80": ("aes-128-icm", "hmac-sha1-80", "hmac-sha1-80"),
    "AES_CM_128_HMAC_SHA1_32": ("aes-128-icm", "hmac-sha1-32", "hmac-sha1-80"),
    "AES_256_CM_HMAC_SHA1_80": ("aes-256-icm", "hmac-sha1-80", "hmac-sha1-80"),
    "AEAD_AES_128_GCM": ("aes-128-gcm", "null", "null"),
    "AEAD_AES_256_GCM": ("aes-256-gcm", "null", "null"),
}


def make_reference(options, processes):
    """The speech as GStreamer encodes it, without RTP: it rounds otherwise than FFmpeg."""
    processes.run("reference", options.gst_launch, "-q", *encoder(options), "!", "filesink", "location=reference.ul")
    return processes.read("reference.ul")


def encoder(options):
    return ["filesrc", f"location={options.speech}", "!", "wavparse", "!", "audioconvert", "!", "mulawenc"]


def to_sotto(call, options, processes):
    reference = make_reference(options, processes)
    port = call.listen()
    cipher, rtp_auth, rtcp_auth = NAMES[call.suite]
    sink = ["udpsink", "host=127.0.0.1", f"port={port}", "sync=false", "async=false"]
    mki = [f"mki={call.mki.hex()}"] if call.mki else []
    # The sequence number wraps on the way.
    gstreamer = processes.start(
        "gstreamer", options.gst_launch, "rtpbin", "name=session", *encoder(options), "!", "rtppcmupay",
        "min-ptime=20000000", "max-ptime=20000000", "seqnum-offset=65500", "!", "session.send_rtp_sink_0",
        "session.send_rtp_src_0", "!", "srtp.rtp_sink_0",
        "srtpenc", "name=srtp", f"key={call.key.hex()}", *mki, f"rtp-cipher={cipher}", f"rtp-auth={rtp_auth}",
        f"rtcp-cipher={cipher}", f"rtcp-auth={rtcp_auth}", "srtp.rtp_src_0", "!", *sink,
        "session.send_rtcp_src_0", "!", "srtp.rtcp_sink_0", "srtp.rtcp_src_0", "!", *sink)
    # Its session says BYE when the audio ends. The pipeline itself doesn't always end then.
    processes.wait(lambda: "\nbye\n" in processes.said("receiver") or gstreamer.poll() is not None, "GStreamer's BYE")
    expect_equal("audio from GStreamer", call.hang_up(), reference)


def caps(call):
    cipher, rtp_auth, rtcp_auth = NAMES[call.suite]
    mki = f",mki=(buffer){call.mki.hex()}" if call.mki else ""
    return ("caps=application/x-srtp,media=(string)audio,clock-rate=(int)8000,encoding-name=(string)PCMU,"
            f"payload=(int)0,ssrc=(uint){OUR_SSRC},srtp-key=(buffer){call.key.hex()},srtp-cipher=(string){cipher},"
            f"srtp-auth=(string){rtp_auth},srtcp-cipher=(string){cipher},srtcp-auth=(string){rtcp_auth}{mki}")


def from_sotto(call, options, processes):
    reference = make_reference(options, processes)
    for _ in range(3):  # in case another program takes the port between
        port = free_ports()[0]
        # SRTP and SRTCP on one port: srtpdec takes them apart.
        gstreamer = processes.start(
            "gstreamer", options.gst_launch, "udpsrc", "address=127.0.0.1", f"port={port}", caps(call), "!",
            "srtpdec", "name=decoder", "!", "rtppcmudepay", "!", "filesink", "buffer-mode=unbuffered", "async=false",
            "location=heard.ul", "decoder.rtcp_src", "!", "filesink", "buffer-mode=unbuffered", "async=false",
            "location=rtcp.heard")
        if processes.wait_until_bound("gstreamer", gstreamer, port):
            break
    call.send("reference.ul", port, port)
    sent = processes.read("rtcp.sent")
    # Behind srtpdec is libsrtp, whose 2.5 looks for an SRTCP packet's MKI where SRTP's tag length would put it.
    if call.mki and rtcp_differs(call.suite):
        print("RTCP not compared: libsrtp doesn't find its MKI where the tags of RTP and RTCP differ in length")
        sent = b""

    def arrived():
        return len(processes.read("heard.ul")) >= len(reference) and len(processes.read("rtcp.heard")) >= len(sent)

    processes.wait(lambda: arrived() or gstreamer.poll() is not None, "GStreamer to hear everything")
    expect_equal("audio heard by GStreamer", processes.read("heard.ul"), reference)
    if sent:
        expect_equal("RTCP heard by GStreamer", processes.read("rtcp.heard"), sent)


def rtcp_differs(suite):
    _, rtp_auth, rtcp_auth = NAMES[suite]
    return rtp_auth != rtcp_auth
