package server

import (
	"net/http"
	"strings"

	"assume-role/internal/creds"
)

// The pages of instance metadata
// (https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/configuring-instance-metadata-service.html).
const (
	tokenPage  = "/latest/api/token"
	rolesPage  = "/latest/meta-data/iam/security-credentials"
	infoPage   = "/latest/meta-data/iam/info"
	regionPage = "/latest/meta-data/placement/region"
	zonePage   = "/latest/meta-data/placement/availability-zone"
	idPage     = "/latest/meta-data/instance-id"
	placePage  = "/latest/dynamic/instance-identity/document"

	// instanceID is of an instance that there never was.
	instanceID = "i-00000000000000000"
	// nameless is what a session without a role is called in the list of roles.
	nameless = "assume-role"
)

// metadata is the instance metadata service, version 2: nothing is answered
// without a token, which only a PUT gives, so no link in a page gets one.
func (h *handler) metadata(w http.ResponseWriter, r *http.Request) {
	if r.URL.Path == tokenPage {
		if method(w, r, http.MethodPut) {
			h.token(w, r)
		}
		return
	}
	if !method(w, r, http.MethodGet) {
		return
	}
	if given := r.Header[tokenHeader]; len(given) != 1 || !h.tokens.valid(given[0]) {
		refuse(w, http.StatusUnauthorized)
		return
	}
	trust(r)
	h.page(w, r)
}

func (h *handler) token(w http.ResponseWriter, r *http.Request) {
	ttl := r.Header[ttlHeader]
	if len(ttl) != 1 {
		refuse(w, http.StatusBadRequest)
		return
	}
	token, ok := h.tokens.issue(ttl[0])
	if !ok {
		refuse(w, http.StatusBadRequest)
		return
	}
	w.Header()[ttlHeader] = ttl
	sendText(w, token)
}

// page answers a request that may read everything.
func (h *handler) page(w http.ResponseWriter, r *http.Request) {
	k := h.doors.first
	role := roleName(k.Profile)
	path := plain(r.URL.Path)
	switch path {
	case rolesPage:
		sendText(w, role)
	case rolesPage + "/" + role:
		h.role(w, r, k)
	case infoPage:
		sendJSON(w, http.StatusOK, h.info(k.Profile))
	case idPage:
		sendText(w, instanceID)
	case regionPage, zonePage, placePage:
		h.place(w, path, k.Profile)
	default:
		refuse(w, http.StatusNotFound)
	}
}

func (h *handler) role(w http.ResponseWriter, r *http.Request, k *keeper) {
	s, err := k.fetch(r.Context(), h.life)
	if err != nil {
		h.failed(w, err, true)
		return
	}
	sendJSON(w, http.StatusOK, s.metadata)
}

// info tells of the role, in the form of an instance profile of its name.
func (h *handler) info(p Profile) []byte {
	page := struct {
		Code               string
		LastUpdated        string
		InstanceProfileArn string `json:",omitempty"`
	}{Code: "Success", LastUpdated: timestamp(h.options.Now())}
	if _, ok := creds.RoleOf(p.RoleARN); ok {
		page.InstanceProfileArn = strings.Replace(p.RoleARN, ":role/", ":instance-profile/", 1)
	}
	return document(page)
}

// place tells of the region in the three ways in which SDKs ask: botocore takes
// the last letter off a zone.
func (h *handler) place(w http.ResponseWriter, path string, p Profile) {
	role, _ := creds.RoleOf(p.RoleARN)
	switch {
	case p.Region == "":
		refuse(w, http.StatusNotFound)
	case path == regionPage:
		sendText(w, p.Region)
	case path == zonePage:
		sendText(w, p.Region+"a")
	default:
		sendJSON(w, http.StatusOK, document(map[string]string{
			"region": p.Region, "availabilityZone": p.Region + "a", "instanceId": instanceID,
			"accountId": role.Account, "version": "2017-09-30",
		}))
	}
}

func roleName(p Profile) string {
	if role, ok := creds.RoleOf(p.RoleARN); ok {
		return role.Name
	}
	return nameless
}
