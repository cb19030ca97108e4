@testable import Installer
import Testing

@Suite struct FieldTests {
    @Test func everyIdIsUniqueAndWrittenWithHyphens() {
        let ids = Field.all.map(\.id)
        #expect(Set(ids).count == ids.count)
        #expect(ids.allSatisfy { $0.allSatisfy { $0.isLowerCaseLetterOrDigit || $0 == "-" } })
    }

    @Test(arguments: Field.all.map(\.id))
    func storingWhatAFieldShowsChangesNothing(_ id: String) throws {
        let field = try #require(Field.named(id))
        var answers = Answers()
        try field.store(field.text(in: answers), in: &answers)
        #expect(answers == Answers())
    }

    @Test(arguments: Field.all.map(\.id))
    func everyFieldTakesItsOwnExample(_ id: String) throws {
        let field = try #require(Field.named(id))
        var answers = Answers()
        try field.store(field.example, in: &answers)
        // Paths are made absolute when they are read.
        let text = field.text(in: answers)
        #expect(text == field.example || (field.kind == .path && text.hasSuffix("/\(field.example)")))
    }

    @Test(arguments: [
        ("namespace", "Build_Kit", "must contain only lowercase letters, digits and '-'", "buildkit"),
        ("namespace", "-a", "must start and end with a letter or a digit", "buildkit"),
        ("namespace", "", "is empty", "buildkit"),
        ("release", String(repeating: "a", count: 54), "has 54 characters; the maximum is 53", "buildkit"),
        (
            "builder", "Remote",
            "contains uppercase letters, which buildx stores in lowercase and then does not find",
            "remote"
        ),
        ("builder", "default", "is reserved by buildx", "remote-kubernetes"),
        ("port", "0", "0 is out of range (1 to 65535)", "1234"),
        ("port", "１２３４", "'１２３４' is not a whole number", "1234"),
        ("port", "12 34", "'12 34' is not a whole number", "1234"),
        ("days", "0", "0 is out of range (1 to 36500)", "365"),
        ("node-port", "80", "80 is out of range (30000 to 32767)", "31234"),
        ("cpu", "4 cores", "is not a quantity", "4"),
        ("cpu", "0", "must be greater than zero", "4"),
        ("memory", "1e400Gi", "is not a quantity", "8Gi"),
        ("cache", "50", "'50' has no unit", "50Gi"),
        (
            "image", "https://docker.io/moby/buildkit", "must not start with a scheme",
            "docker.io/moby/buildkit:v0.32.2"
        ),
        ("image", "moby/buildkit:", "has an invalid tag after ':'", "docker.io/moby/buildkit:v0.32.2"),
        ("image", "moby//buildkit", "is not an image reference", "docker.io/moby/buildkit:v0.32.2"),
        ("mirrors", "docker.io", "'docker.io' is not REGISTRY=MIRROR", "docker.io=mirror.gcr.io"),
        ("sans", "a,,b", "has an empty item between two commas", "builder.example.com"),
        (
            "sans", "*.com,ok.example.com,a b",
            "The wildcard in “*.com” needs a domain of at least two labels after it; “a b” contains a space",
            "*.builders.example.com"
        ),
        (
            "sans", "-a,b..c,d e,f/g,h:1,,i j",
            "A label of “-a” starts or ends with a hyphen; “b..c” has an empty label: two dots in a row, or a dot "
                + "at its start; “d e” contains a space; “f/g” has a scheme or a path; specify only the host; “h:1” "
                + "has a port; specify only the name; and 2 more",
            "builder.example.com"
        ),
        ("endpoint", "https://a.example.com", "the port must be between 1 and 65535", nil),
        (
            "endpoint", "tcp://a/b",
            "'tcp://a/b' is not an endpoint; the remote driver supports only tcp://", nil
        ),
        ("platforms", "amd64", "'amd64' is not a platform", "linux/amd64"),
        ("security", "best", "'best' is not one of rootless, userns, privileged", "rootless"),
        ("use", "maybe", "'maybe' is not yes or no", "yes"),
        ("certs", "a\u{1b}[2J", "contains a control character or a line break", "~/buildkit/certs"),
    ])
    func aBadValueIsRefusedInWords(_ id: String, _ text: String, _ message: String, _ example: String?) throws
    {
        let field = try #require(Field.named(id))
        var answers = Answers()
        let problem = #expect(throws: AnswerError.self) { try field.store(text, in: &answers) }
        #expect(problem?.field == id)
        if id != "endpoint" || !text.hasPrefix("https") { #expect(problem?.message == message) }
        if let example { #expect(problem?.example == example) }
        #expect(answers == Answers())
    }

    @Test func threeHundredNamesAreTooMany() throws {
        var answers = Answers()
        let many = (1...300).map { "a\($0).example.com" }.joined(separator: ",")
        let problem = #expect(throws: AnswerError.self) { try Field.sans.store(many, in: &answers) }
        #expect(problem?.message == "has 300 values; the maximum is 100")
    }

    @Test(arguments: [
        ("tcp://b.example.com:1234", "tcp://b.example.com:1234"), ("b.example.com", "b.example.com"),
        ("10.0.0.7:2000", "tcp://10.0.0.7:2000"), ("tcp://[fd00::1]:1234", "tcp://[fd00::1]:1234"),
    ])
    func anEndpointIsReadInEveryFormThatPeopleWrite(_ text: String, _ stored: String) throws {
        var answers = Answers()
        try Field.endpoint.store(text, in: &answers)
        #expect(Field.endpoint.text(in: answers) == stored)
    }

    /// A form of 80 columns has this much room beside the name of an option. Details are in the field's help.
    @Test func theHelpOfAnOptionFitsIntoItsRow() {
        for field in Field.all {
            for option in field.kind.options {
                #expect(option.help.count <= 35, "\(field.id): \(option.help)")
            }
        }
    }

    /// A field that shows the chart's default shows the value in the chart.
    @Test func theChartsDefaultsAreShownAsTheyAre() throws {
        let values = try #require(Chart.files.first { $0.path == "values.yaml" }).text
        #expect(values.contains("repository: docker.io/moby/buildkit\n"))
        #expect(Field.image.emptyMeaning == "docker.io/moby/buildkit:\(Chart.appVersion) (chart default)")
        #expect(values.contains(#"    requests: {cpu: "1", memory: 2Gi}\#n  # "#))
        #expect(Field.cpu.emptyMeaning == "1 (chart default)")
        #expect(Field.memory.emptyMeaning == "request 2Gi, no limit (chart default)")
    }
}
