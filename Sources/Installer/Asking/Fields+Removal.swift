// The questions of an uninstall.

extension Field {
    public static let remove = Field(
        "remove", "Remove", .list, at: \.remove, Rule<Part>.choice.list(limit: Part.allCases.count),
        help: "What goes, of: \(Part.allCases.map(\.rawValue).joined(separator: ", ")).",
        whenEmpty: "nothing")

    public static let confirm = Field(
        "confirm", "Release's name", .text, at: \.confirm, .line(example: "buildkit"),
        help: "The release's name once more: what is chosen holds data that nobody can bring back.",
        whenEmpty: "no data goes",
        unless: { $0.remove.contains(where: \.isData) ? nil : "no data is to be removed" })

    public static let force = Field(
        "force", "Force", .toggle, at: \.force, .toggle,
        help: "Do not wait: builds that run are broken off, and a release that another Helm has locked goes.")
}
