/// An event of a step as the installer writes it with `--output json`: the part of the line with the event and the
/// step.
public func reportedEvent(_ event: String, ofStep step: String) -> String {
    #""event":"\#(event)","schemaVersion":1,"step":"\#(step)""#
}
