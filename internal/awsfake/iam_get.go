package awsfake

import "time"

// roleXML is a Role.
type roleXML struct {
	Path, RoleName           string
	ID                       string `xml:"RoleId"`
	ARN                      string `xml:"Arn"`
	CreateDate               string
	AssumeRolePolicyDocument string
	MaxSessionDuration       int
}

// getRole is https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetRole.html.
func (c *iamCall) getRole() (any, error) {
	r, err := c.role(c.roleName())
	if err != nil {
		return nil, err
	}
	return struct{ Role roleXML }{roleXML{
		Path: pathOf(r.Name), RoleName: r.baseName(), ID: r.id, ARN: r.arn, CreateDate: isoDate(r.created),
		AssumeRolePolicyDocument: encoded(r.trustPolicy()), MaxSessionDuration: int(r.MaxDuration / time.Second),
	}}, nil
}

// userXML is a User. The root user has neither name nor path.
type userXML struct {
	Path, UserName string `xml:",omitempty"`
	ID             string `xml:"UserId"`
	ARN            string `xml:"Arn"`
	CreateDate     string
}

// getUser is https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetUser.html.
func (c *iamCall) getUser() (any, error) {
	u, err := c.iamUser(c.userName(false))
	if err != nil {
		return nil, err
	}
	user := userXML{ID: u.userID, ARN: u.arn, CreateDate: isoDate(u.created)}
	if !u.root() {
		user.Path, user.UserName = pathOf(u.user), baseName(u.user)
	}
	return struct{ User userXML }{user}, nil
}

// isoDate is a time as IAM writes it.
func isoDate(t time.Time) string { return t.UTC().Format(time.RFC3339) }
