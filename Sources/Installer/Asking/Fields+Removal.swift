// The questions of an uninstall.

extension Field {
    public static let remove = Field(
        "remove", "Remove",
        .choices(Part.allCases.map { Option(value: $0.rawValue, help: $0.meaning) }),
        at: \.remove, Rule<Part>.choice.list(limit: Part.allCases.count), help: "What goes.",
        whenEmpty: "nothing")

    public static let confirm = Field(
        "confirm", "Release's name", .text, at: \.confirm, .line(example: "buildkit"),
        help: "The release's name once more: what is chosen holds data that nobody can bring back.",
        whenEmpty: "no data goes",
        unless: { $0.remove.contains(where: \.isData) ? nil : "no data is to be removed" })

    public static let force = Field(
        "force", "Force", .toggle, at: \.force, .toggle,
        help:
            "Neither wait nor keep anybody: builds that run are broken off, a release that another Helm has locked goes, "
            + "and clients with an authority that is dropped are locked out.")
}
